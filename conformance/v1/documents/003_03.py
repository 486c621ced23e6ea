# get_status() gets the latest status of the ComputeInstance target
instance.get_status()
