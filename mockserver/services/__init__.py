"""The APIs that this server stands in for: one package each, and the list of them.

A package defines `SERVICE`. None knows of another, of a transport or of a web library.
"""

from __future__ import annotations

from mockserver.service import Service
from mockserver.services.netbird import SERVICE as NETBIRD
from mockserver.services.vcf import SERVICE as VCF

SERVICES: tuple[Service, ...] = (NETBIRD, VCF)
