create table saved_dataset (
    workspace_id varchar(36) not null,
    id varchar(64) not null,
    digest varchar(64) not null,
    document varchar(1000000) not null,
    created timestamp with time zone not null,
    primary key (workspace_id, id)
);
create index saved_dataset_digest on saved_dataset (workspace_id, digest);

create table dataset (
    workspace_id varchar(36) not null,
    id varchar(64) not null,
    name varchar(255) not null,
    document varchar(100000) not null,
    latest integer not null,
    created timestamp with time zone not null,
    modified timestamp with time zone not null,
    primary key (workspace_id, id)
);
create unique index dataset_name on dataset (workspace_id, name);

create table dataset_version (
    workspace_id varchar(36) not null,
    dataset_id varchar(64) not null,
    version integer not null,
    saved_id varchar(64) not null,
    created timestamp with time zone not null,
    primary key (workspace_id, dataset_id, version)
);
create index dataset_version_saved on dataset_version (workspace_id, saved_id);
