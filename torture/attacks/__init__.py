"""All attacks, by name. One file holds those of a kind."""

from torture.attack import Attack
from torture.attacks import (
    caches,
    disks,
    environments,
    files,
    kills,
    models,
    options,
    past_files,
    together,
)

ATTACKS: dict[str, Attack] = {
    attack.name: attack
    for module in (
        past_files,
        files,
        models,
        options,
        kills,
        caches,
        together,
        disks,
        environments,
    )
    for attack in module.ATTACKS
}
