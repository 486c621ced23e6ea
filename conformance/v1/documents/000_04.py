from azureml.core.compute import RemoteCompute

dsvm_compute = RemoteCompute.attach(ws,
                                name="attach-dsvm",
                                username='<username>',
                                address="<fqdn>",
                                ssh_port=22,
                                password="<password>")

dsvm_compute.wait_for_completion(show_output=True)
