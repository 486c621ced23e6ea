-- Versioned assets of both SDKs: data, models, components. Environments and code have tables of their own.

create table asset (
    workspace_id varchar(36) not null,
    kind varchar(16) not null,
    name varchar(256) not null,
    document varchar(100000) not null,
    archived boolean not null,
    -- all of its versions are
    anonymous boolean not null,
    last_sequence bigint not null,
    next_number bigint not null,
    created timestamp with time zone not null,
    modified timestamp with time zone not null,
    primary key (workspace_id, kind, name)
);

create table asset_version (
    workspace_id varchar(36) not null,
    kind varchar(16) not null,
    name varchar(256) not null,
    version varchar(256) not null,
    sequence bigint not null,
    -- the resource's properties, without what has a column
    document varchar(1000000) not null,
    content_hash varchar(64) not null,
    description varchar(20000),
    tags varchar(200000) not null,
    properties varchar(200000) not null,
    -- the run that a model is from
    run_id varchar(256),
    -- what only the v1 model management knows of a model
    legacy varchar(100000),
    archived boolean not null,
    anonymous boolean not null,
    created timestamp with time zone not null,
    modified timestamp with time zone not null,
    created_by varchar(256) not null,
    modified_by varchar(256) not null,
    primary key (workspace_id, kind, name, version)
);

create index asset_version_in_order on asset_version (workspace_id, kind, name, sequence);

-- The v1 model management's own assets: which artifacts a model is made of.
create table model_asset (
    workspace_id varchar(36) not null,
    id varchar(64) not null,
    document varchar(100000) not null,
    created timestamp with time zone not null,
    primary key (workspace_id, id)
);

-- What ws.get_default_keyvault() keeps; the values are sealed.
create table secret (
    workspace_id varchar(36) not null,
    name varchar(128) not null,
    sealed varchar(50000) not null,
    content_type varchar(256),
    created timestamp with time zone not null,
    modified timestamp with time zone not null,
    primary key (workspace_id, name)
);
