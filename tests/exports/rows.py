"""A lead that has everything, and texts that a spreadsheet program might run."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

LEAD = {
    "business_name": "Bright Smiles Dental",
    "category": "Dentist",
    "address": "12 Ocean Dr, Miami, FL 33139",
    "phone": "+13055550100",
    "website": "https://bright-smiles.test/",
    "email": "info@bright-smiles.test",
    "email_status": "valid",
    "facebook": "https://www.facebook.com/brightsmiles",
    "rating": Decimal("4.6"),
    "reviews_count": 1234,
    "opening_hours": "Monday: 9:00-17:00\nTuesday: closed",
    "latitude": 25.781234,
    "longitude": -80.130001,
    "google_maps_url": "https://maps.google.test/?cid=1",
    "place_id": "0123456789",
    "postal_code": "01069",
    "created_at": datetime(2026, 3, 1, 1, 2, 3, 999, tzinfo=timezone(timedelta(hours=2))),
    "id": "lead_8Zk",
}


HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://evil.test","click")',
    "+1+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    " padded ",
    "{=SUM(A1)}",
    "<r><t>x</t></r>",
    "<r></broken></r>",
    "<r></r>",
    "</t></is></c>&amp;\"'",
    "😀 Zahnärzte 日本",
    "internal:Info!A1",
    "external:c:\\x.xlsx",
    "file:///etc/passwd",
    "ms-excel:ofe|u|http://evil.test/x",
    "javascript:alert(1)",
    "ftp://evil.test/",
    "\\\\evil.test\\share",
    "0123",
    "1E5",
    "TRUE",
    "#N/A",
    "line one\nline two",
]
