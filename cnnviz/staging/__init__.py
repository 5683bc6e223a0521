"""What all scenes share: the base scene, beats, opening, parameters, and which scenes there are."""
