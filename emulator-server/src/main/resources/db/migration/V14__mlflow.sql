-- What MLflow's clients keep with a run, beside the tags and metrics that every SDK shares.

create table run_param (
    workspace_id varchar(36) not null,
    run_id varchar(256) not null,
    name varchar(250) not null,
    param_value varchar(8000) not null,
    primary key (workspace_id, run_id, name)
);

create table run_dataset (
    workspace_id varchar(36) not null,
    run_id varchar(256) not null,
    name varchar(500) not null,
    digest varchar(36) not null,
    context varchar(500),
    document varchar(1000000) not null,
    primary key (workspace_id, run_id, name, digest)
);

-- Logged models that a run has used or made.
create table run_model (
    workspace_id varchar(36) not null,
    run_id varchar(256) not null,
    output boolean not null,
    model_id varchar(64) not null,
    step bigint not null,
    primary key (workspace_id, run_id, output, model_id)
);

-- The newest point of each metric that is a number, so that runs can be found and sorted by it.
create table metric_last (
    workspace_id varchar(36) not null,
    run_id varchar(256) not null,
    name varchar(600) not null,
    last_value double precision not null,
    not_a_number boolean not null,
    logged bigint not null,
    step bigint not null,
    primary key (workspace_id, run_id, name)
);

create table logged_model (
    workspace_id varchar(36) not null,
    model_id varchar(64) not null,
    experiment_id varchar(36) not null references experiment (id) on delete cascade,
    name varchar(500) not null,
    model_type varchar(500),
    source_run_id varchar(256),
    folder varchar(700) not null,
    status varchar(32) not null,
    created bigint not null,
    updated bigint not null,
    deleted boolean not null,
    tags varchar(1000000) not null,
    params varchar(1000000) not null,
    primary key (workspace_id, model_id)
);

create index logged_model_by_experiment on logged_model (experiment_id, created);
create index logged_model_by_run on logged_model (workspace_id, source_run_id);

-- Names that MLflow's registry gives to versions of models, which are assets.
create table model_alias (
    workspace_id varchar(36) not null,
    name varchar(256) not null,
    alias varchar(255) not null,
    version varchar(256) not null,
    primary key (workspace_id, name, alias)
);
