conda activate newenv
