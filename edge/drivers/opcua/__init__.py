"""OPC UA client: plants whose control system already has the data (OPC 10000-4, -6, -8; library asyncua)."""
