"""The columns of an export are a contract with whoever imports the file."""

import pytest

from exports.columns import LEAD_COLUMNS, SOCIAL_COLUMNS, Kind, choose_columns
from freshleads.lib.errors import InvalidInput

HEADERS = [
    "Business name",
    "Category",
    "Address",
    "Phone",
    "Website",
    "Email",
    "Email status",
    "Facebook",
    "X",
    "LinkedIn",
    "Instagram",
    "YouTube",
    "TikTok",
    "Pinterest",
    "Snapchat",
    "Telegram",
    "WhatsApp",
    "Spotify",
    "Rating",
    "Reviews",
    "Opening hours",
    "Latitude",
    "Longitude",
    "Google Maps link",
    "Google place ID",
    "All emails",
    "All phones",
    "First name",
    "Last name",
    "Job title",
    "Street",
    "City",
    "Region",
    "Postal code",
    "Country",
    "Tags",
    "Source",
    "Created at (UTC)",
    "Lead ID",
]

DATA_FIELDS_BUT_SOCIAL_LINKS = {
    "business_name",
    "category",
    "address",
    "phone",
    "website",
    "email",
    "rating",
    "reviews_count",
    "opening_hours",
    "latitude",
    "longitude",
    "google_maps_url",
    "place_id",
}


def test_the_headers_and_their_order_never_change_unnoticed():
    assert [column.header for column in LEAD_COLUMNS] == HEADERS


def test_keys_and_headers_are_unique_so_that_no_column_hides_another():
    assert len({column.key for column in LEAD_COLUMNS}) == len(LEAD_COLUMNS)
    assert len({column.header.lower() for column in LEAD_COLUMNS}) == len(LEAD_COLUMNS)


def test_all_fourteen_data_fields_are_there_with_social_links_as_eleven_columns():
    keys = {column.key for column in LEAD_COLUMNS}
    assert keys >= DATA_FIELDS_BUT_SOCIAL_LINKS
    assert len(SOCIAL_COLUMNS) == 11
    assert set(SOCIAL_COLUMNS) <= set(LEAD_COLUMNS)
    assert "social_links" not in keys


def test_digits_that_are_no_numbers_are_not_numeric_columns():
    kinds = {column.key: column.kind for column in LEAD_COLUMNS}
    assert kinds["phone"] == kinds["phones"] == Kind.PHONE
    assert kinds["postal_code"] == kinds["place_id"] == kinds["id"] == Kind.CODE


def test_chosen_columns_come_in_the_order_asked_and_once():
    chosen = choose_columns(["email", "business_name", "email"])
    assert [column.key for column in chosen] == ["email", "business_name"]


def test_choosing_no_columns_means_all_of_them():
    assert choose_columns([]) == LEAD_COLUMNS


def test_unknown_columns_are_refused_by_name():
    with pytest.raises(InvalidInput) as refusal:
        choose_columns(["email", "shoe_size", "age"])
    assert refusal.value.param == "columns"
    assert refusal.value.message == "Unknown export columns: age, shoe_size."
