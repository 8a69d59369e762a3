"""ads.php: who advertises now, who did before, and how to reach them."""

import pytest

from tests.leadgen.clients import Api, succeeded


@pytest.mark.usefixtures("worker")
def test_ads_come_with_the_contacts_of_their_landing_pages(alices_api: Api) -> None:
    used, data = succeeded(alices_api.get("/ads.php", query="dentist miami"))
    assert data["fresh_count"] > 0
    assert data["results_count"] == data["fresh_count"] + data["historical_count"]
    fresh = [ad for ad in data["results"] if ad["is_active"]]
    with_email = sum(bool(ad["contact_data"]["emails"]) for ad in fresh)
    assert used == (10 if len(fresh) > 7 else with_email)
