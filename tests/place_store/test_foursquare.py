"""Files of Foursquare Open Source Places."""

from pathlib import Path

from tests.place_store.conftest import Find
from tests.place_store.files import FOURSQUARE, foursquare_row, import_into, write_parquet


def test_a_place_comes_back_as_it_was_written(tmp_path: Path, folder: Path, find: Find) -> None:
    labels = ["Dining and Drinking > Bakery", "Dining and Drinking > Cafe, Coffee > Café"]
    rows = [foursquare_row(fsq_category_labels=labels)]
    done = import_into(folder, write_parquet(tmp_path / "fsq.parquet", rows, FOURSQUARE))
    (place,) = find("bakery")
    assert place.place_id == "fsq:4b0588000000000000000001"
    assert place.categories == ("Bakery", "Café")
    assert find("cafes") == find("dining and drinking") == [place]
    assert (place.city, place.postal_code, place.country) == ("Lyon", "69002", "FR")
    assert place.phones == ("04 78 00 00 00",)
    assert place.emails == ("Bonjour@Boulangerie.example",)
    assert place.socials == (
        "https://www.facebook.com/1234567",
        "https://www.instagram.com/boulangerie",
    )
    assert place.licence == "Apache-2.0"
    assert done.licences == {"Apache-2.0": 1}


def test_closed_and_flagged_places_are_left_out(tmp_path: Path, folder: Path) -> None:
    rows = [
        foursquare_row(1),
        foursquare_row(2, date_closed="2024-05-01"),
        foursquare_row(3, unresolved_flags=["duplicate"]),
        foursquare_row(4, unresolved_flags=["wrong_hours"]),
        foursquare_row(5, fsq_category_labels=None),
    ]
    done = import_into(folder, write_parquet(tmp_path / "fsq.parquet", rows, FOURSQUARE))
    assert done.kept == 3
    assert done.left_out == {"closed for good": 1, "flagged by people": 1}
