"""What tests share: servers that misbehave, ports that follow a script, programs to start, and what is true."""
