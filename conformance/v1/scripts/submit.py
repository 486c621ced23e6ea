from azureml.core import Environment, Experiment, ScriptRunConfig, Workspace

ws = Workspace.from_config()
cpu_cluster = ws.compute_targets["cpu-cluster"]

myenv = Environment("myenv")
myenv.python.user_managed_dependencies = True

experiment = Experiment(workspace=ws, name="my_experiment")
run = experiment.submit(ScriptRunConfig(
    source_directory=".", script="train.py", arguments=["v1"], compute_target=cpu_cluster, environment=myenv))
run.wait_for_completion(show_output=True)
print("run", run.id, run.get_status(), run.get_file_names())
