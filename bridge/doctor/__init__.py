"""What has to be mended before an installation can be trusted: configuration, database, clock, panels, policy."""

from bridge.doctor.configuration import check_configuration
from bridge.doctor.database import check_database
from bridge.doctor.finding import Finding, Level
from bridge.doctor.outside import check_clock, check_mail, server_time
from bridge.doctor.panels import check_billing, check_servers
from bridge.doctor.policy import Manual, check_policy, check_routes, check_verification, manual_actions
from bridge.doctor.sources import check_sources

__all__ = [
    "Finding",
    "Level",
    "Manual",
    "check_billing",
    "check_clock",
    "check_configuration",
    "check_database",
    "check_mail",
    "check_policy",
    "check_routes",
    "check_servers",
    "check_sources",
    "check_verification",
    "manual_actions",
    "server_time",
]
