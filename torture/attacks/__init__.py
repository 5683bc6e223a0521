"""All attacks, by name. One file holds those of a kind."""

from torture.attack import Attack
from torture.attacks import caches, disks, environments, files, kills, options, together

ATTACKS: dict[str, Attack] = {
    attack.name: attack
    for module in (files, options, kills, caches, together, disks, environments)
    for attack in module.ATTACKS
}
