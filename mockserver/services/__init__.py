"""The APIs that this server stands in for: one package each, and the list of them.

A package defines `SERVICE`, and `SCIM_MOUNT` where SCIM pushes users and groups to it. None knows of another, of a
transport or of a web library.
"""

from __future__ import annotations

from mockserver.engine.service import Service
from mockserver.scim.service import service as scim
from mockserver.services import jackson, netbird, netfoundry, vcf

SERVICES: tuple[Service, ...] = (
    netbird.SERVICE,
    jackson.SERVICE,
    vcf.SERVICE,
    netfoundry.SERVICE,
    scim((netbird.SCIM_MOUNT, jackson.SCIM_MOUNT, vcf.SCIM_MOUNT)),
)
