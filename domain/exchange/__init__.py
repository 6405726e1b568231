"""Questions of other houses: from their formats to neutral ones and back. Bytes and text only."""
