"""What scenes share that compare two: names of both, the first seconds, both answers."""
