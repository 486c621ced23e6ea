-- How a workspace signs in at registries of images. The login is sealed, as secrets are.
create table registry_login (
    workspace_id varchar(36) not null,
    registry varchar(256) not null,
    sealed varchar(20000) not null,
    primary key (workspace_id, registry)
);
