"""Who is speaking: one package for each dialect, which translates and owns no rule about production."""
