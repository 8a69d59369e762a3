"""Who works on which import."""

from leads.models import LeadImport
from leads.row_leases import Leases

LEASES = Leases(LeadImport, "workspace", "project")
