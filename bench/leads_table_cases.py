"""The pages of leads that `bench.leads_table` asks for."""

from dataclasses import dataclass, field

from bench.leads_table_rows import LARGE, MIDDLE, SMALL


@dataclass(frozen=True)
class Case:
    """One request for a page; `must` promises 10 ms, `plain` measures plain Django beside it."""

    name: str
    params: dict[str, str] = field(default_factory=dict)
    page: int = 1
    workspace: int = LARGE
    cursor: bool = False
    must: bool = False
    plain: bool = False


CASES = (
    Case("first page", must=True, plain=True),
    Case("page 20", page=20, must=True),
    Case("500,000 deep, by cursor", page=10_000, cursor=True, must=True),
    Case("500,000 deep, by number", page=10_000, plain=True),
    Case("rare word, 27 hits", {"search": "quokka"}, must=True, plain=True),
    Case("no match", {"search": "zzyzx"}, must=True, plain=True),
    Case("no match here", {"search": "quokka"}, workspace=MIDDLE, must=True),
    Case("medium word", {"search": "orthodontic"}),
    Case("common word", {"search": "dental"}, plain=True),
    Case("word of old leads only", {"search": "veterinary"}),
    Case("two letters", {"search": "br"}),
    Case("two letters, no match", {"search": "qz"}),
    Case("two signs, no match", {"search": "東京"}),
    Case("has e-mail", {"has_email": "true"}),
    Case("has no e-mail", {"has_email": "false"}),
    Case("has no phone", {"has_phone": "false"}),
    Case("has a website", {"has_website": "true"}),
    Case("has no website", {"has_website": "false"}),
    Case("e-mail valid", {"email_status": "valid"}),
    Case("e-mail invalid: none", {"email_status": "invalid"}),
    Case("city, common", {"city": "fort alvarez"}),
    Case("city, rare", {"city": "Port Diaz"}),
    Case("city, none", {"city": "Nowhere"}),
    Case("category", {"category": "dental"}),
    Case("tag, 40 hits", {"tag": "vip"}),
    Case("tag, 6,000 hits", {"tag": "hot"}),
    Case("tag, small workspace", {"tag": "hot"}, workspace=SMALL),
    Case("rated 5.0", {"min_rating": "5"}),
    Case("rated 5.0, small workspace", {"min_rating": "5"}, workspace=SMALL),
    Case("project of 500", {"project_id": "proj_small"}),
    Case("project of 200,000", {"project_id": "proj_large"}),
    Case("city, valid, word", {"city": "Fort Cole", "email_status": "valid", "search": "dental"}),
    Case("e-mail valid, page 15", {"email_status": "valid"}, page=15),
    Case("e-mail valid, page 200", {"email_status": "valid"}, page=200),
    Case("by name", {"ordering": "business_name"}, plain=True),
    Case("by name, backwards", {"ordering": "-business_name"}),
    Case("by city", {"ordering": "city"}),
    Case("best rated first", {"ordering": "-rating"}),
    Case("best rated, page 20", {"ordering": "-rating"}, page=20),
    Case("best rated and valid", {"ordering": "-rating", "email_status": "valid"}),
    Case("most reviewed first", {"ordering": "-reviews_count"}),
    Case("last changed first", {"ordering": "-updated_at"}),
    Case("worst rated first", {"ordering": "rating"}),
)
