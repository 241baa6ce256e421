"""law-never-lose 5 and 9: heartbeats are bound to boot and counter, and judged by the receiver's clock."""

from edge.core.heartbeat import COUNTED, INTERLEAVED, OFFLINE, ONLINE, REPEATED, Presence


def test_a_heartbeat_that_the_network_kept_back_does_not_bring_a_dead_gateway_back() -> None:
    gateway = Presence(period_ms=5000)
    assert gateway.heard(0, boot=0xAAAA, counter=1) == COUNTED
    assert gateway.heard(5000, boot=0xAAAA, counter=2) == COUNTED
    assert gateway.heard(60_000, boot=0xAAAA, counter=2) == REPEATED
    assert gateway.state(60_000) == OFFLINE


def test_two_gateways_of_one_name_are_noticed_and_the_older_boot_is_not_believed() -> None:
    gateway = Presence(period_ms=5000)
    gateway.heard(0, boot=0xAAAA, counter=900)
    assert gateway.heard(5000, boot=0xBBBB, counter=0) == COUNTED
    assert gateway.heard(6000, boot=0xAAAA, counter=901) == INTERLEAVED
    assert gateway.state(6000) == ONLINE
    assert gateway.state(20_000) == OFFLINE
