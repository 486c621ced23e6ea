dsvm_compute.delete()
