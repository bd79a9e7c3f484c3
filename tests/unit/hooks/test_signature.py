"""Our signatures against the `standardwebhooks` package as an oracle, and against senders who mean harm."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from bridge.errors import InvalidInput, Unauthorized
from hooks.signature import key_of, sign, verify

KEY = bytes(range(24))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
STAMP = int(NOW.timestamp())
BODY = '{"hook": "InvoicePaid", "vars": {"näme": 1}}'.encode()

ids = st.text(alphabet=st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=255)


def signed_headers(*, delivery_id: str = "msg_1", timestamp: str = str(STAMP), signature: str = "") -> dict[str, str]:
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature or sign(SECRET, delivery_id, STAMP, BODY),
    }


@given(ids, st.text())
def test_the_oracle_makes_the_same_signature(delivery_id: str, body: str) -> None:
    data = body.encode("utf-8", "replace")
    theirs = Webhook(SECRET).sign(delivery_id, NOW, data.decode())
    assert sign(SECRET, delivery_id, STAMP, data) == theirs


@given(ids, st.text())
def test_what_the_oracle_signs_is_accepted_and_gives_the_delivery_id(delivery_id: str, body: str) -> None:
    data = body.encode("utf-8", "replace")
    signature = Webhook(SECRET).sign(delivery_id, NOW, data.decode())
    assert verify(SECRET, signed_headers(delivery_id=delivery_id, signature=signature), data, NOW) == delivery_id


def test_the_oracle_accepts_what_we_sign() -> None:
    with time_machine.travel(NOW, tick=False):
        assert Webhook(SECRET).verify(BODY, signed_headers())["hook"] == "InvoicePaid"


@given(
    st.text(max_size=20),
    st.one_of(st.text(max_size=20), st.integers(STAMP - 400, STAMP + 400).map(str)),
    st.one_of(
        st.text(max_size=60),
        st.just(sign(SECRET, "a", STAMP, BODY)),
        st.text(max_size=8).map(lambda noise: f"{noise} {sign(SECRET, 'a', STAMP, BODY)} {noise}"),
    ),
)
def test_whatever_is_sent_is_a_delivery_id_or_unauthorized_and_never_more_than_the_oracle_grants(
    delivery_id: str, timestamp: str, signature: str
) -> None:
    headers = {"webhook-id": delivery_id, "webhook-timestamp": timestamp, "webhook-signature": signature}
    try:
        granted = verify(SECRET, headers, BODY, NOW)
    except Unauthorized:
        return
    assert granted == delivery_id
    valid_parts = [part for part in signature.split() if part.startswith("v1,")]
    assert any(_oracle_grants({**headers, "webhook-signature": part}) for part in valid_parts)


def _oracle_grants(headers: dict[str, str]) -> bool:
    with time_machine.travel(NOW, tick=False):
        try:
            Webhook(SECRET).verify(BODY, headers)
        except (WebhookVerificationError, ValueError):
            return False
    return True


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_or_empty_header_is_unauthorized(header: str) -> None:
    without = {key: value for key, value in signed_headers().items() if key != header}
    with pytest.raises(Unauthorized, match=header):
        verify(SECRET, without, BODY, NOW)
    with pytest.raises(Unauthorized, match=header):
        verify(SECRET, {**without, header: ""}, BODY, NOW)


def test_headers_are_found_in_any_case_but_not_twice() -> None:
    titled = {key.title(): value for key, value in signed_headers().items()}
    assert verify(SECRET, titled, BODY, NOW) == "msg_1"
    with pytest.raises(Unauthorized, match="more than once"):
        verify(SECRET, {**titled, "webhook-id": "msg_2"}, BODY, NOW)


@pytest.mark.parametrize("changed", [BODY + b" ", b"", BODY.replace(b"1", b"2")])
def test_a_changed_body_is_unauthorized(changed: bytes) -> None:
    with pytest.raises(Unauthorized):
        verify(SECRET, signed_headers(), changed, NOW)


def test_a_changed_id_another_secret_and_a_changed_timestamp_are_unauthorized() -> None:
    signature = sign(SECRET, "msg_1", STAMP, BODY)
    other_secret = "whsec_" + base64.b64encode(b"another key of ours").decode()
    for headers, secret in (
        (signed_headers(delivery_id="msg_2", signature=signature), SECRET),
        (signed_headers(timestamp=str(STAMP + 1), signature=signature), SECRET),
        (signed_headers(signature=signature), other_secret),
    ):
        with pytest.raises(Unauthorized):
            verify(secret, headers, BODY, NOW)


@pytest.mark.parametrize(
    "timestamp",
    [
        "",
        "soon",
        "1.5",
        f"{STAMP}.0",
        "1e9",
        "-1",
        f"+{STAMP}",
        f" {STAMP}",
        f"{STAMP}\n",
        "٣٤٥",
        "9" * 400,
        "nan",
        "inf",
    ],
)
def test_a_timestamp_that_is_no_whole_number_is_unauthorized(timestamp: str) -> None:
    with pytest.raises(Unauthorized):
        verify(SECRET, signed_headers(timestamp=timestamp) | {"webhook-timestamp": timestamp}, BODY, NOW)


def test_five_minutes_either_way_are_tolerated_and_a_second_more_is_not() -> None:
    for offset in (-300, 300):
        assert verify(SECRET, signed_headers(), BODY, NOW + timedelta(seconds=offset)) == "msg_1"
    for offset in (-301, 301):
        with pytest.raises(Unauthorized):
            verify(SECRET, signed_headers(), BODY, NOW + timedelta(seconds=offset))
    assert verify(SECRET, signed_headers(), BODY, NOW + timedelta(hours=1), tolerance=timedelta(hours=2)) == "msg_1"


@pytest.mark.parametrize("delivery_id", ["x" * 256, "x" * 100_000, "näme", "two words", "line\nbreak", "\x00", "\x7f"])
def test_an_id_that_is_huge_or_not_printable_is_unauthorized_even_if_signed(delivery_id: str) -> None:
    with pytest.raises(Unauthorized, match="webhook-id"):
        verify(SECRET, signed_headers(delivery_id=delivery_id), BODY, NOW)


def test_one_fitting_signature_among_several_is_enough() -> None:
    ours = sign(SECRET, "msg_1", STAMP, BODY)
    wrong = "v1," + base64.b64encode(b"\x00" * 32).decode()
    assert verify(SECRET, signed_headers(signature=f"v1a,AAAA {wrong} broken {ours}"), BODY, NOW) == "msg_1"


@pytest.mark.parametrize(
    "signature",
    [
        "v1",
        "v1,",
        "v1,====",
        "v1,A",
        "v1,ÄÖÜ",
        "v1,\ud800",
        ",",
        "no comma at all",
        "v1,not/base64!",
        "v2," + sign(SECRET, "msg_1", STAMP, BODY)[3:],
        "v1a," + sign(SECRET, "msg_1", STAMP, BODY)[3:],
        sign(SECRET, "msg_1", STAMP, BODY)[3:],
        sign(SECRET, "msg_1", STAMP, BODY)[:-4],
        "v1,AAAA " * 1000 + sign(SECRET, "msg_1", STAMP, BODY),
    ],
)
def test_a_signature_header_without_a_fitting_v1_signature_is_unauthorized(signature: str) -> None:
    with pytest.raises(Unauthorized, match="webhook-signature"):
        verify(SECRET, signed_headers(signature=signature), BODY, NOW)


def test_an_empty_body_is_signed_like_any_other() -> None:
    headers = signed_headers(signature=sign(SECRET, "msg_1", STAMP, b""))
    assert verify(SECRET, headers, b"", NOW) == "msg_1"


def test_a_body_need_not_be_text() -> None:
    body = b"\xff\xfe\x00"
    assert verify(SECRET, signed_headers(signature=sign(SECRET, "msg_1", STAMP, body)), body, NOW) == "msg_1"


def test_a_secret_works_without_prefix_and_padding() -> None:
    bare = base64.b64encode(b"twenty-five bytes of key!").decode().rstrip("=")
    assert key_of(bare) == key_of(f"whsec_{bare}") == b"twenty-five bytes of key!"


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_not base64", "whsec_päss", "whsec_A"])
def test_an_unusable_secret_is_our_own_fault_and_is_not_repeated(secret: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        key_of(secret)
    assert caught.value.field == "hook_secret"
    assert not secret.removeprefix("whsec_") or secret not in str(caught.value)
