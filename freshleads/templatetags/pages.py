"""Tags of the page frame: icons, form fields, navigation, links that are safe to follow."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from django import forms, template
from django.forms import BoundField
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return a decorative icon of the sprite; the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("icons.svg"),
        name,
    )


@register.filter
def web_link(url: Any) -> str:
    """Return a scraped URL where it is safe as a link (http or https with a host), else ""."""
    text = str(url or "").strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in {"http", "https"} and parts.hostname else ""


@register.filter
def bare_url(url: Any) -> str:
    """Return a URL as people read it: no scheme, no `www.`, no slash at the end."""
    text = str(url or "").strip()
    for prefix in ("https://", "http://", "www."):
        text = text.removeprefix(prefix)
    return text.rstrip("/")


@register.filter
def breakable(email: Any) -> SafeString:
    """Return an e-mail address that goes on after its @ where the line ends, not amid a word."""
    local, at, domain = str(email or "").rpartition("@")
    return format_html("{}{}<wbr>{}", local, at, domain)


@register.filter
def percent_of(part: Any, whole: Any) -> int:
    """Return how many whole percent `part` is of `whole`, from 0 to 100."""
    if not whole:
        return 0
    return max(0, min(100, int(100 * (part or 0) / whole)))


@register.inclusion_tag("parts/nav_item.html", takes_context=True)
def nav_item(
    context: template.Context, view: str, label: str, icon_name: str, also: str = ""
) -> dict[str, Any]:
    """Render one link of the sidebar, marked where it is the page or (`also`) one under it."""
    match = getattr(context.get("request"), "resolver_match", None)
    current = match.view_name if match else ""
    state = "page" if current == view else "true" if current and current in also.split() else ""
    return {"url": reverse(view), "label": label, "icon_name": icon_name, "current": state}


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField, **attributes: Any) -> dict[str, Any]:
    """Render a label, its control, the hint and the errors, tied together for screen readers."""
    widget = bound.field.widget
    is_box = isinstance(widget, forms.CheckboxInput)
    css = "form-check-input" if is_box else "form-control"
    if isinstance(widget, forms.Select):
        css = "form-select"
    if bound.errors:
        css += " is-invalid"
    # Where every field is optional, saying so of each is noise.
    marks_optional = any(other.required for other in bound.form.fields.values())
    attributes = {name.replace("_", "-"): value for name, value in attributes.items()}
    return {
        "field": bound,
        "is_box": is_box,
        "is_optional": marks_optional and not bound.field.required,
        "control": bound.as_widget(attrs={"class": css} | attributes),
    }


@register.simple_tag(takes_context=True)
def take_undo(context: template.Context) -> dict[str, Any] | None:
    """Return what the last deletion of this session can undo, this one time."""
    session = getattr(context.get("request"), "session", None)
    return session.pop("undo", None) if session is not None else None


@register.simple_tag
def export_url(
    project_id: str, file_format: str, filters: Mapping[str, Any] | None = None, **more: Any
) -> str:
    """Return where a project, or what filters leave of it, downloads as a file."""
    path = reverse("exports:project", args=[project_id])
    return f"{path}?{urlencode({'format': file_format, **(filters or {}), **more})}"


@register.filter
def absolute(number: int) -> int:
    return abs(number)
