"""The bench: programmable Modbus instruments and the virtual wires they hang on."""
