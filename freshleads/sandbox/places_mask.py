"""Field masks of the Places API: what may be asked for, and an answer cut down to what was."""

from typing import Any

from freshleads.sandbox.places_errors import missing_mask, unknown_mask_path

MAX_MASK_LENGTH = 8000

Mask = dict[str, Any]  # a field name to the mask below it, or to None for all that is below

TEXT = {"text": None, "languageCode": None}
POINT = {"latitude": None, "longitude": None}
BOX = {"low": POINT, "high": POINT}
MOMENT = {"day": None, "hour": None, "minute": None, "date": ..., "truncated": None}
HOURS = {
    "openNow": None,
    "periods": {"open": MOMENT, "close": MOMENT},
    "weekdayDescriptions": None,
    "secondaryHoursType": None,
    "specialDays": ...,
    "nextOpenTime": None,
    "nextCloseTime": None,
}
AUTHOR = {"displayName": None, "uri": None, "photoUri": None}

# Scalars the API has and the sandbox never fills, so that asking for them is no error.
UNFILLED_SCALARS = (
    "adrFormatAddress takeout delivery dineIn curbsidePickup reservable servesBreakfast "
    "servesLunch servesDinner servesBeer servesWine servesBrunch servesVegetarianFood "
    "outdoorSeating liveMusic menuForChildren servesCocktails servesDessert servesCoffee "
    "goodForChildren allowsDogs restroom goodForGroups goodForWatchingSports"
)
UNFILLED_MESSAGES = (
    "postalAddress currentSecondaryOpeningHours regularSecondaryOpeningHours editorialSummary "
    "paymentOptions parkingOptions subDestinations accessibilityOptions fuelOptions "
    "evChargeOptions generativeSummary containingPlaces addressDescriptor priceRange "
    "reviewSummary evChargeAmenitySummary neighborhoodSummary"
)
SCALARS = (
    "name id types primaryType nationalPhoneNumber internationalPhoneNumber formattedAddress "
    "shortFormattedAddress rating googleMapsUri websiteUri utcOffsetMinutes businessStatus "
    "priceLevel userRatingCount iconMaskBaseUri iconBackgroundColor pureServiceAreaBusiness"
)

# A field of a Place, then its sub-fields: None for a scalar, ... where any path below will do.
PLACE_TREE: dict[str, Any] = {
    **dict.fromkeys(SCALARS.split()),
    **dict.fromkeys(UNFILLED_SCALARS.split()),
    **dict.fromkeys(UNFILLED_MESSAGES.split(), ...),
    "displayName": TEXT,
    "primaryTypeDisplayName": TEXT,
    "addressComponents": {"longText": None, "shortText": None, "types": None, "languageCode": None},
    "plusCode": {"globalCode": None, "compoundCode": None},
    "location": POINT,
    "viewport": BOX,
    "timeZone": {"id": None, "version": None},
    "regularOpeningHours": HOURS,
    "currentOpeningHours": HOURS,
    "reviews": {
        "name": None,
        "relativePublishTimeDescription": None,
        "text": TEXT,
        "originalText": TEXT,
        "rating": None,
        "authorAttribution": AUTHOR,
        "publishTime": None,
        "flagContentUri": None,
        "googleMapsUri": None,
        "visitDate": ...,
    },
    "photos": {
        "name": None,
        "widthPx": None,
        "heightPx": None,
        "authorAttributions": AUTHOR,
        "flagContentUri": None,
        "googleMapsUri": None,
    },
    "attributions": {"provider": None, "providerUri": None},
}
TEXT_SEARCH_TREE: dict[str, Any] = {
    "places": PLACE_TREE,
    "nextPageToken": None,
    "routingSummaries": ...,
    "contextualContents": ...,
    "searchUri": None,
}
NEARBY_SEARCH_TREE: dict[str, Any] = {"places": PLACE_TREE, "routingSummaries": ...}


def parse_mask(text: str | None, tree: dict[str, Any]) -> Mask | None:
    """Return a mask as nested dictionaries, or None for `*`; refuse paths that the tree lacks.

    Spaces are not trimmed, just as Google does not.
    """
    if not text:
        raise missing_mask()
    mask: Mask = {}
    for path in text[:MAX_MASK_LENGTH].split(","):
        if path == "*":
            return None
        names = path.removesuffix(".*").split(".")
        _check(names, tree, path)
        _add(names, mask)
    return mask


def _check(names: list[str], tree: dict[str, Any], path: str) -> None:
    """Refuse a path that leaves the tree."""
    branch: Any = tree
    for name in names:
        if branch is ...:
            return
        if branch is None or name not in branch:
            raise unknown_mask_path(path)
        branch = branch[name]


def _add(names: list[str], mask: Mask) -> None:
    """Add one path to a mask; a path that asks for a whole message wins over its parts."""
    head, *rest = names
    if not rest:
        mask[head] = None
        return
    below = mask.setdefault(head, {})
    if below is not None:
        _add(rest, below)


def apply_mask(value: Any, mask: Mask | None) -> Any:
    """Return only what the mask asks for; lists are cut element by element."""
    if mask is None:
        return value
    if isinstance(value, list):
        return [apply_mask(element, mask) for element in value]
    return {name: apply_mask(value[name], below) for name, below in mask.items() if name in value}
