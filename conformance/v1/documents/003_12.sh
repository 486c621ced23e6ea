conda create --name newenv
