"""Small packs that tests of more than one room need."""

from __future__ import annotations

DISPUTES = """\
pack: disputes
title: Disputed payments
currency: EUR
versions:
  - version: "1"
    effective: 2020-01-01
    groups:
      all: {categories: ["*"]}
    clauses:
      "1":
        says: A disputed payment costs a fee; unpaid, it suspends everything.
        rules:
          - on: payment_disputed
            then: [{charge_fee: {amount: 35.00, due: 7d}}]
            because: "A payment was disputed."
          - on: {unpaid: fee}
            when: {charged_for: dispute}
            then: [{suspend_service: {reach: client, until: paid}}]
            because: "The fee for a disputed payment is not paid."
"""
