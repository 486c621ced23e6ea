# add a user-assigned managed identity
cpu_cluster.add_identity(identity_type="UserAssigned",
                            identity_id=['/subscriptions/<subcription_id>/resourcegroups/<resource_group>/providers/Microsoft.ManagedIdentity/userAssignedIdentities/<user_assigned_identity>'])
