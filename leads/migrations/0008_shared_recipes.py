"""Recipes that a fresh installation offers to everybody."""

from django.db import migrations

RECIPES = [
    (
        "gmail",
        "People with a Gmail address",
        '{query} "@gmail.com"',
        "Results whose text shows an address at gmail.com: small firms, freelancers, shops.",
    ),
    (
        "free-mail",
        "People with a free address",
        '{query} ("@gmail.com" OR "@outlook.com" OR "@hotmail.com" OR "@yahoo.com")',
        "The same for the four great free mail services together.",
    ),
    (
        "facebook",
        "Pages on Facebook",
        'site:facebook.com {query} ("@" OR "email")',
        "Facebook pages whose text mentions an address.",
    ),
    (
        "linkedin-companies",
        "Companies on LinkedIn",
        "site:linkedin.com/company {query}",
        "Company profiles on LinkedIn.",
    ),
    (
        "linkedin-people",
        "People on LinkedIn",
        "site:linkedin.com/in {query}",
        "Personal profiles on LinkedIn, e.g. for “owner dentist Miami”.",
    ),
    (
        "instagram",
        "Profiles on Instagram",
        'site:instagram.com {query} "@gmail.com"',
        "Instagram profiles that show a Gmail address.",
    ),
    (
        "contact-pages",
        "Contact pages",
        "{query} (intitle:contact OR inurl:contact)",
        "Pages that are made for getting in touch.",
    ),
    (
        "directories",
        "Lists and directories",
        '{query} ("directory" OR "list of" OR "members") "@"',
        "Pages that list many firms or members with their addresses.",
    ),
]


def share_recipes(apps, schema_editor):
    Recipe = apps.get_model("leads", "Recipe")
    for code, name, template, description in RECIPES:
        Recipe.objects.get_or_create(
            workspace=None,
            code=code,
            defaults={"name": name, "template": template, "description": description},
        )


class Migration(migrations.Migration):
    dependencies = [("leads", "0007_search_passed_over")]

    operations = [migrations.RunPython(share_recipes, migrations.RunPython.noop)]
