"""The fictional county that `fengsui demo` brings to life: its people, its three plants and their physics."""
