"""JSON endpoints under /sandbox/ for tests, demos and curious people; the real panel has none of this."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, request

from adapters.virtualizor.sandbox.estate import Refused, Vps
from adapters.virtualizor.sandbox.panel import SandboxPanel
from adapters.virtualizor.sandbox.rows import vps_row
from adapters.virtualizor.sandbox.seed import SeedMachine
from adapters.virtualizor.sandbox.trouble import Fault, FaultKind

Reply = Response | tuple[Response, int]


def control_blueprint(panel: SandboxPanel) -> Blueprint:
    """Machines to read, make, change and remove; faults to set; journal and violations to read."""
    blueprint = Blueprint("virtualizor_sandbox", __name__, url_prefix="/sandbox")
    control = _Control(panel)
    rules: tuple[tuple[str, str, Callable[..., Reply]], ...] = (
        ("GET", "/machines", control.machines),
        ("POST", "/machines", control.make),
        ("POST", "/machines/<int:vpsid>", control.change),
        ("DELETE", "/machines/<int:vpsid>", control.remove),
        ("GET", "/journal", control.journal),
        ("GET", "/violations", control.violations),
        ("GET", "/faults", control.faults),
        ("POST", "/faults", control.set_fault),
        ("DELETE", "/faults", control.clear_faults),
    )
    for method, rule, view in rules:
        blueprint.add_url_rule(rule, view.__name__, view, methods=[method])
    blueprint.register_error_handler(Refused, lambda problem: (jsonify(error=problem.words), 409))
    blueprint.register_error_handler(_BadRequest, lambda problem: (jsonify(error=str(problem)), 422))
    return blueprint


@dataclass(frozen=True)
class _Control:
    panel: SandboxPanel

    def machines(self) -> Reply:
        estate = self.panel.estate
        with estate.lock:
            return jsonify(machines=[vps_row(vps, estate) for vps in estate.machines.values()])

    def make(self) -> Reply:
        estate = self.panel.estate
        with estate.lock:
            return jsonify(vps_row(estate.add_machine(_machine_from(_body())), estate)), 201

    def change(self, vpsid: int) -> Reply:
        estate = self.panel.estate
        with estate.lock:
            vps = estate.machine(vpsid)
            _set_up(self.panel, vps, _body())
            return jsonify(vps_row(vps, estate))

    def remove(self, vpsid: int) -> Reply:
        estate = self.panel.estate
        with estate.lock:
            estate.remove_machine(estate.machine(vpsid))
        return jsonify(removed=vpsid)

    def journal(self) -> Reply:
        return jsonify(journal=self.panel.journal.entries())

    def violations(self) -> Reply:
        return jsonify(violations=self.panel.journal.violations())

    def faults(self) -> Reply:
        return jsonify(faults=self.panel.faults.shown())

    def set_fault(self) -> Reply:
        self.panel.faults.set(_fault_from(_body()))
        return jsonify(faults=self.panel.faults.shown()), 201

    def clear_faults(self) -> Reply:
        self.panel.faults.clear()
        return jsonify(faults=[])


class _BadRequest(Exception):
    """The body is not what this endpoint takes."""


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise _BadRequest("a JSON object is needed")
    return body


def _machine_from(body: dict[str, Any]) -> SeedMachine:
    try:
        return SeedMachine(**{**body, "ips": tuple(body.get("ips", ()))})
    except TypeError as problem:
        raise _BadRequest(str(problem)) from problem


def _fault_from(body: dict[str, Any]) -> Fault:
    try:
        return Fault(**{**body, "kind": FaultKind(body.get("kind"))})
    except (TypeError, ValueError) as problem:
        raise _BadRequest(str(problem)) from problem


def _set_up(panel: SandboxPanel, vps: Vps, body: dict[str, Any]) -> None:
    """`locked` (reason, empty to unlock), `suspended`, `network_cut`, `ips` (whole list; unknown ones are added)."""
    unknown = set(body) - {"locked", "suspended", "suspend_reason", "network_cut", "ips"}
    if unknown:
        raise _BadRequest(f"unknown fields: {', '.join(sorted(unknown))}")
    estate = panel.estate
    if "locked" in body:
        vps.locked = str(body["locked"] or "")
    if "suspended" in body:
        vps.suspended = bool(body["suspended"])
        vps.running = not vps.suspended
    if "suspend_reason" in body:
        vps.suspend_reason = body["suspend_reason"]
    if "network_cut" in body:
        vps.network_cut = "1" if body["network_cut"] else None
    if "ips" in body:
        ips = [str(ip) for ip in body["ips"]]
        for ip in ips:
            if estate.find_address(ip) is None:
                estate.add_address(ip, vps.node)
        for version in (4, 6):
            estate.replace_addresses(vps, version, [ip for ip in ips if (6 if ":" in ip else 4) == version])
