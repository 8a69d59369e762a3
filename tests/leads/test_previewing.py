"""What an import would do, told before anything is stored."""

from collections.abc import Callable

import pytest

from freshleads.users.models import Workspace
from leads import importing, previewing
from leads.models import Lead, LeadImport
from leads.previewing import CellPreview, preview_of

Upload = Callable[..., LeadImport]


def test_rows_are_told_as_they_will_be_kept(upload: Upload, workspace: Workspace) -> None:
    Lead.objects.create(workspace=workspace, identity="x", email="known@acme.test")
    draft = upload(
        "Company,E-mail,Rating,,Note to self\n"
        "Acme,A@acme.test,4.5,,x\n"
        "Known,known@acme.test,,,\n"
        "Acme again,a@acme.test,,,\n"
        "Nobody,nobody,,,\n"
        "Best,b@best.test,eleven,,\n"
    )
    preview = preview_of(draft)
    assert (preview.new, preview.known, preview.again, preview.refused) == (2, 1, 1, 1)
    assert (preview.checked, preview.left_out, preview.is_whole) == (5, 2, True)
    assert [row.outcome for row in preview.rows] == ["new", "known", "again", "refused", "new"]
    assert preview.labels == ("Business name", "E-mail", "Rating")
    assert preview.rows[0].cells == (
        CellPreview("Business name", "Acme", ""),
        CellPreview("E-mail", "a@acme.test", ""),
        CellPreview("Rating", "4.5", ""),
    )
    assert preview.rows[4].cells[2].problem == "“eleven” must be a number from 0 to 5."
    assert [(c.name, c.field, c.examples) for c in preview.columns] == [
        ("Company", "business_name", ("Acme", "Known", "Acme again")),
        ("E-mail", "email", ("A@acme.test", "known@acme.test", "a@acme.test")),
        ("Rating", "rating", ("4.5", "eleven")),
        ("Note to self", "", ("x",)),
    ]
    assert Lead.objects.filter(workspace=workspace).count() == 1


def test_what_is_told_is_what_happens(
    upload: Upload, workspace: Workspace, finish: Callable[[LeadImport], LeadImport]
) -> None:
    draft = upload(
        "Lead ID,Email,Phone,Website\n,a@acme.test,,\nlead_unknown,,,\n,,+13055550100,\n"
        ",,+13055550100,\n,,,acme.test\n,a@acme.test,,\n"
    )
    preview = preview_of(draft)
    done = finish(importing.start(workspace, draft.public_id))
    assert (preview.new, preview.known + preview.again, preview.refused) == (
        done.created_count,
        done.duplicate_count,
        done.invalid_count,
    )
    assert (preview.new, preview.again, preview.refused) == (3, 2, 1)


def test_long_lists_are_looked_at_from_the_top(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previewing, "CHECKED_ROWS", 50)
    draft = upload("Email\n" + "".join(f"b{n}@best.test\n" for n in range(60)))
    preview = preview_of(draft)
    assert (preview.checked, preview.new, preview.is_whole) == (50, 50, False)
    assert len(preview.rows) == 20


def test_a_file_that_is_gone_is_told(upload: Upload) -> None:
    draft = upload("Email\na@acme.test\n")
    draft.stored_as = "0" * 40
    with pytest.raises(FileNotFoundError):
        preview_of(draft)
