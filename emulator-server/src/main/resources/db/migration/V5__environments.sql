create table environment (
    workspace_id varchar(36) not null,
    name varchar(256) not null,
    document varchar(100000) not null,
    archived boolean not null,
    last_sequence bigint not null,
    next_version bigint not null,
    created timestamp with time zone not null,
    modified timestamp with time zone not null,
    primary key (workspace_id, name)
);

create table environment_version (
    workspace_id varchar(36) not null,
    name varchar(256) not null,
    version varchar(256) not null,
    sequence bigint not null,
    dialect varchar(8) not null,
    document varchar(1000000) not null,
    content_hash varchar(64) not null,
    archived boolean not null,
    created timestamp with time zone not null,
    modified timestamp with time zone not null,
    created_by varchar(256) not null,
    primary key (workspace_id, name, version)
);

create index environment_version_in_order on environment_version (workspace_id, name, sequence);
