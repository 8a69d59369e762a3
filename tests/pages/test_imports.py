"""The pages of imports: upload, mapping with preview, run, report, errors, undo."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from freshleads.users.models import Workspace
from leads import storing_imports
from leads.import_forms import FIELDS
from leads.mapping_words import TARGETS
from leads.models import Lead, LeadImport, Project

HTMX = {"HX-Request": "true"}
LIST = "Company,E-mail,Phone,City\nAcme,info@acme.test,+1 305 555 0100,Miami\nBest,nobody,,Bonn\n"
Send = Callable[..., Any]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def words(html: str) -> str:
    """Return the text of a page without its tags, in single blanks."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.fixture(autouse=True)
def own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def send(page: Client) -> Send:
    """Return a function that uploads a file on the form."""

    def upload(content: str | bytes, name: str = "list.csv") -> Any:
        data = content.encode() if isinstance(content, str) else content
        return page.post(reverse("leads:new_import"), {"file": SimpleUploadedFile(name, data)})

    return upload


@pytest.fixture
def draft(send: Send) -> LeadImport:
    send(LIST)
    return LeadImport.objects.get()


@pytest.fixture
def finish() -> Callable[[LeadImport], LeadImport]:
    def run(lead_import: LeadImport) -> LeadImport:
        for _ in range(20):
            storing_imports.advance(lead_import.pk)
        lead_import.refresh_from_db()
        return lead_import

    return run


def choices(**changes: str) -> dict[str, str]:
    return {
        "column_0": "business_name",
        "column_1": "email",
        "column_2": "phones",
        "column_3": "city",
        "duplicates": "skip",
        "project_id": "",
        "country": "",
    } | changes


def path(draft: LeadImport, name: str = "import") -> str:
    return reverse(f"leads:{name}", args=[draft.public_id])


def test_an_empty_list_names_the_next_action(page: Client) -> None:
    html = text(page.get(reverse("leads:imports")))
    assert "No imports yet" in html
    assert reverse("leads:new_import") in html


def test_an_upload_leads_to_its_draft_with_mapping_and_preview(page: Client, send: Send) -> None:
    answer = send(LIST, "C:/lists/customers.csv")
    draft = LeadImport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, path(draft))
    html = text(page.get(path(draft)))
    assert 'name="column_1"' in html
    assert '<option value="email" selected>E-mail</option>' in html
    shown = words(html)
    assert "customers.csv 2 rows" in shown
    assert "All 2 rows: 1 new 0 already yours 1 refused 1 cell left out" in shown
    assert "2 New Acme info@acme.test +13055550100 Miami" in shown
    assert "“nobody” is not an e-mail address" in shown
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7", "This is a PDF."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 90, "before 2007 (.xls)"),
        (b"name,email\n", "The file has a header, but no row below it."),
    ],
)
def test_what_is_no_list_is_refused_beside_the_field(send: Send, content: bytes, told: str) -> None:
    answer = send(content)
    assert answer.status_code == 422
    assert told in words(text(answer))
    assert "field-error" in text(answer)
    assert not LeadImport.objects.exists()


def test_no_file_at_all_is_told_beside_the_field(page: Client) -> None:
    answer = page.post(reverse("leads:new_import"), {})
    assert (answer.status_code, "Choose a file." in text(answer)) == (422, True)


def test_a_file_over_the_limit_is_told_and_not_kept(
    send: Send, settings: Settings, tmp_path: Path
) -> None:
    settings.LEADS_IMPORT_MAX_MB = 3
    answer = send(b"name,email\n" + b"x" * 4 * 1024 * 1024)
    assert answer.status_code == 422
    assert "The file may have at most 3 MB." in words(text(answer))
    assert not list(tmp_path.glob("uploads/*"))


def test_a_full_disk_is_told_beside_the_field(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    from freshleads import uploading

    class FullFile(uploading.BoundedFile):
        def write(self, data: Any, /) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploading, "BoundedFile", FullFile)
    answer = send(b"name,email\n" + b"x" * 3 * 1024 * 1024)
    assert answer.status_code == 422
    assert "The disk of the server is full" in words(text(answer))


def test_htmx_gets_the_preview_of_another_choice_alone(page: Client, draft: LeadImport) -> None:
    answer = page.post(path(draft, "choose_import"), choices(column_3=""), headers=HTMX)
    html = text(answer)
    assert (answer.status_code, "<html" in html) == (200, False)
    assert "Miami" not in html
    draft.refresh_from_db()
    assert draft.mapping == {"0": "business_name", "1": "email", "2": "phones"}


def test_without_javascript_a_choice_is_kept_and_shown(page: Client, draft: LeadImport) -> None:
    answer = page.post(path(draft, "choose_import"), choices(column_3="region"))
    assert answer["Location"] == f"{path(draft)}#preview"
    assert '<option value="region" selected>' in text(page.get(path(draft)))


def test_a_choice_that_cannot_be_is_told_beside_its_column(page: Client, draft: LeadImport) -> None:
    answer = page.post(path(draft, "start_import"), choices(column_3="business_name"))
    assert answer.status_code == 422
    assert "“Company” already fills Business name." in words(text(answer))
    nothing = choices(column_1="", column_2="")
    answer = page.post(path(draft, "start_import"), nothing)
    assert "Say which column holds the e-mail, the website or the phone" in text(answer)
    answer = page.post(path(draft, "choose_import"), nothing, headers=HTMX)
    assert "Below is what your choice before would do." in text(answer)
    draft.refresh_from_db()
    assert (draft.status, len(draft.mapping)) == ("draft", 4)


def test_the_file_may_be_read_in_another_way(page: Client, draft: LeadImport) -> None:
    wrong = {"encoding": "utf-8-sig", "delimiter": ",", "header_row": "99"}
    answer = page.post(path(draft, "choose_import_layout"), wrong)
    assert (answer.status_code, "The file has no such row." in text(answer)) == (422, True)
    answer = page.post(path(draft, "choose_import_layout"), wrong | {"header_row": "0"})
    assert answer["Location"] == path(draft)
    assert "3 rows" in words(text(page.get(path(draft))))


def test_a_run_shows_its_progress_then_its_report(
    page: Client, draft: LeadImport, finish: Callable[[LeadImport], LeadImport]
) -> None:
    answer = page.post(path(draft, "start_import"), choices(project_id="new"))
    assert answer["Location"] == path(draft)
    html = text(page.get(path(draft)))
    assert "data-poll" in html
    assert "Stop and undo" in html
    poll = page.get(path(draft, "import_progress"), headers=HTMX)
    assert (poll.status_code, "Rows done 0 of 2" in words(text(poll))) == (200, True)
    finish(draft)
    poll = page.get(path(draft, "import_progress"), headers=HTMX)
    assert poll.status_code == 286
    shown = words(text(poll))
    assert "Done. 1 new lead." in shown
    assert "Rows refused 1" in shown
    assert "2 Column" not in shown
    assert "3 E-mail nobody is not an e-mail address" in shown
    html = text(page.get(path(draft)))
    assert "data-poll" not in html
    assert f"project_id={Project.objects.get().public_id}" in html
    assert "Done" in words(text(page.get(reverse("leads:imports"))))


def test_stopping_undoing_and_importing_again(
    page: Client, draft: LeadImport, finish: Callable[[LeadImport], LeadImport]
) -> None:
    page.post(path(draft, "start_import"), choices())
    page.post(path(draft, "stop_import"))
    assert "Taking back" in text(page.get(path(draft)))
    finish(draft)
    html = text(page.get(path(draft)))
    assert "Undone: your leads are as they were before." in words(html)
    page.post(path(draft, "reopen_import"))
    assert "What the columns hold" in text(page.get(path(draft)))
    page.post(path(draft, "start_import"), choices())
    finish(draft)
    assert Lead.objects.count() == 1
    page.post(path(draft, "undo_import"))
    finish(draft)
    assert Lead.objects.count() == 0
    assert "Leads deleted again 1" in words(text(page.get(path(draft))))


def test_every_field_can_be_chosen_once() -> None:
    offered = [field for _, fields in FIELDS[1:] for field, _ in fields]
    assert sorted(offered) == sorted(field for field, _ in TARGETS)


def test_a_draft_can_be_thrown_away(page: Client, draft: LeadImport, tmp_path: Path) -> None:
    answer = page.post(path(draft, "discard_import"), follow=True)
    assert "The upload is thrown away." in text(answer)
    assert not LeadImport.objects.exists()
    assert not list(tmp_path.glob("uploads/*"))


def test_what_cannot_be_done_now_is_told(
    page: Client, draft: LeadImport, finish: Callable[[LeadImport], LeadImport]
) -> None:
    answer = page.post(path(draft, "undo_import"), follow=True)
    assert "Only an import that has ended can be undone." in text(answer)
    page.post(path(draft, "start_import"), choices())
    finish(draft)
    for name in ("start_import", "choose_import", "choose_import_layout", "discard_import"):
        answer = page.post(path(draft, name), choices(), follow=True)
        assert "This import was started already." in text(answer), name
    answer = page.post(path(draft, "reopen_import"), follow=True)
    assert "Only an import that failed or was undone" in text(answer)


def test_a_draft_whose_file_is_gone_says_so(
    page: Client, draft: LeadImport, tmp_path: Path
) -> None:
    for file in tmp_path.glob("uploads/*"):
        file.unlink()
    answer = page.get(path(draft))
    assert (answer.status_code, "not kept any more" in text(answer)) == (200, True)
    answer = page.post(path(draft, "start_import"), choices(), follow=True)
    assert "not kept any more" in text(answer)


def test_hostile_cells_are_shown_as_text_and_disarmed_in_files(
    page: Client, send: Send, finish: Callable[[LeadImport], LeadImport]
) -> None:
    evil = "<img src=x onerror=alert(1)>"
    send(
        f'"{evil}",E-mail,Website\n"{evil}",=cmd|calc,{evil}\n"{evil}",a@acme.test,\n',
        f"{evil}.csv",
    )
    draft = LeadImport.objects.get()
    html = text(page.get(path(draft)))
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    page.post(
        path(draft, "start_import"),
        {"column_0": "business_name", "column_1": "email", "column_2": "website"}
        | {"duplicates": "skip", "project_id": "new"},
    )
    finish(draft)
    assert "<img src=x" not in text(page.get(path(draft)))
    answer = page.get(reverse("exports:import_errors", args=[draft.public_id]))
    csv = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "2,E-mail,'=cmd|calc,is not an e-mail address" in csv
    assert "The row was not imported." in csv


def test_strangers_get_404(
    page: Client, draft: LeadImport, stranger: Workspace, settings: Settings
) -> None:
    LeadImport.objects.update(workspace=stranger)
    assert page.get(path(draft)).status_code == 404
    assert page.get(path(draft, "import_progress")).status_code == 404
    errors = reverse("exports:import_errors", args=[draft.public_id])
    assert page.get(errors).status_code == 404
    for name in ("choose_import_layout", "choose_import", "start_import", "stop_import"):
        assert page.post(path(draft, name), choices()).status_code == 404
    for name in ("undo_import", "reopen_import", "discard_import"):
        assert page.post(path(draft, name)).status_code == 404
    assert LeadImport.objects.get().status == "draft"
    assert "list.csv" not in text(page.get(reverse("leads:imports")))


def test_who_is_not_signed_in_is_asked_to(draft: LeadImport) -> None:
    for name in (reverse("leads:imports"), reverse("leads:new_import"), path(draft)):
        assert Client().get(name)["Location"].startswith("/login")
