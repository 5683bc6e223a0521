"""What the films of max and of average pooling share: numbers, both maps, and where they stand."""
