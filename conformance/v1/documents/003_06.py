# restart() is used to restart the ComputeInstance
instance.restart(wait_for_completion=True, show_output=True)
