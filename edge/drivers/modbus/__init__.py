"""Modbus TCP and RTU under the Modbus rule: a reply counts only if no other request could have caused it."""
