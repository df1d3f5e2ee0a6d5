from ipaddress import ip_address, ip_network

import pytest

from syndicate.net import FetchRefused, Unreachable
from syndicate.net.guard import checked, may_connect, target


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:2800:21f::1", "2a00::1"])
def test_global_addresses_may_be_asked(address: str) -> None:
    assert may_connect(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2001:4:112::1",
        "2001:10::1",
        "2002:7f00:1::1",
        "2002:808:808::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
    ],
)
def test_everything_else_may_not(address: str) -> None:
    assert not may_connect(ip_address(address))


def test_a_mapped_address_counts_as_the_one_within() -> None:
    assert may_connect(ip_address("::ffff:8.8.8.8"))
    assert may_connect(ip_address("::ffff:10.0.0.1"), [ip_network("10.0.0.0/8")])


def test_an_operator_may_allow_a_network_and_no_more() -> None:
    allowed = [ip_network("10.1.0.0/16"), ip_network("fd00::/8")]
    assert may_connect(ip_address("10.1.2.3"), allowed)
    assert may_connect(ip_address("fd00::1"), allowed)
    assert not may_connect(ip_address("10.2.0.1"), allowed)
    assert not may_connect(ip_address("127.0.0.1"), allowed)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("ftp://example.com/a", "neither http nor https"),
        ("file:///etc/passwd", "neither http nor https"),
        ("gopher://example.com/", "neither http nor https"),
        ("//example.com/a", "neither http nor https"),
        ("https:///a", "names no host"),
        ("https://me:secret@example.com/a", "credentials"),
        ("https://example.com:99999/", "cannot be read"),
        ("http://[fe80::1%25eth0]/", "host"),
    ],
)
def test_addresses_that_are_not_asked(address: str, reason: str) -> None:
    with pytest.raises(FetchRefused, match=reason) as caught:
        target(address)
    assert "secret" not in str(caught.value)


def test_a_host_of_which_one_address_leads_inside_is_refused() -> None:
    with pytest.raises(FetchRefused, match=r"leads to 10\.0\.0\.1.*net\.allow"):
        checked("example.com", 80, (), lambda _host, _port: ["93.184.215.14", "10.0.0.1"])


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost"])
def test_other_spellings_of_this_machine_are_refused(host: str) -> None:
    from syndicate.net.guard import resolve

    with pytest.raises((FetchRefused, Unreachable)):
        checked(host, 80, (), resolve)


def test_a_host_that_does_not_exist_is_named() -> None:
    with pytest.raises(Unreachable, match=r"example\.invalid: there is no such host"):
        checked("example.invalid", 80, (), lambda _host, _port: [])
