create table schedule (
    workspace_id varchar(36) not null,
    name varchar(256) not null,
    document varchar(1000000) not null,
    enabled boolean not null,
    next_at timestamp with time zone,
    created timestamp with time zone not null,
    created_by varchar(256) not null,
    modified timestamp with time zone not null,
    primary key (workspace_id, name)
);
