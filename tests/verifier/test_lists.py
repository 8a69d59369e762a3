"""What a name alone tells."""

import pytest

from leads.verifier.lists import is_disposable, is_free_mail, is_role


@pytest.mark.parametrize("domain", ["mailinator.com", "inbox.mailinator.com", "a.b.mailinator.com"])
def test_knows_throw_away_domains_and_names_below_them(domain):
    assert is_disposable(domain)


@pytest.mark.parametrize(
    "domain", ["mailinator.corp.test", "com", "co.uk", "corp.test", "gmail.com"]
)
def test_does_not_take_other_domains_for_throw_away_ones(domain):
    assert not is_disposable(domain)


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com",
        "web.de",
        "orange.fr",
        "yahoo.co.jp",
        "hotmail.co.uk",
        "gmx.at",
        "tampabay.rr.com",
    ],
)
def test_knows_free_mail_worldwide(domain):
    assert is_free_mail(domain)


@pytest.mark.parametrize("domain", ["mygmail.com", "web.de.corp.test", "corp.test", "uk.com"])
def test_does_not_take_other_domains_for_free_mail(domain):
    assert not is_free_mail(domain)


@pytest.mark.parametrize(
    "local", ["info", "Sales", "no-reply", "customer.service", "info+web", "kontakt", "accueil"]
)
def test_knows_the_mailbox_of_a_role(local):
    assert is_role(local)


@pytest.mark.parametrize("local", ["jane", "jane.info", "informer", "salesman", "max.sales"])
def test_does_not_take_a_person_for_a_role(local):
    assert not is_role(local)
