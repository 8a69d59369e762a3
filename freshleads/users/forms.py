"""Forms of signing up and in, of the profile, and of API keys."""

from datetime import datetime, timedelta

from django import forms
from django.contrib.auth import forms as auth_forms
from django.utils import timezone

HOW_LONG = "At least 10 characters. A few words in a row are easy to keep in mind."


def password_field(label: str, *, autocomplete: str, hint: str = "") -> forms.CharField:
    """Return a password field that takes what password managers paste into it."""
    return forms.CharField(
        label=label,
        max_length=1000,
        strip=False,
        help_text=hint,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


def email_field(autocomplete: str = "email") -> forms.EmailField:
    return forms.EmailField(
        label="E-mail",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": autocomplete, "spellcheck": "false"}),
    )


class SignUpForm(forms.Form):
    email = email_field("username")
    password = password_field("Password", autocomplete="new-password", hint=HOW_LONG)
    workspace_name = forms.CharField(
        label="Company or team",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )


class LogInForm(forms.Form):
    email = email_field("username")
    password = password_field("Password", autocomplete="current-password")


class PasswordResetForm(auth_forms.PasswordResetForm):
    email = email_field("username")


class ProfileForm(forms.Form):
    name = forms.CharField(
        label="Your name",
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class ApiKeyForm(forms.Form):
    LIFETIMES = {"30": "30 days", "90": "90 days", "365": "1 year", "never": "Never"}

    name = forms.CharField(
        label="What is it for?",
        max_length=100,
        help_text="A name that tells you later which program uses it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    lifetime = forms.ChoiceField(label="Ends after", choices=LIFETIMES.items(), initial="365")

    def expires_at(self) -> datetime | None:
        """Return when the key shall end, or None for never."""
        lifetime = self.cleaned_data["lifetime"]
        return None if lifetime == "never" else timezone.now() + timedelta(days=int(lifetime))
