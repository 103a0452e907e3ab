//! Components and what they can see of the host: the only module that knows wasmtime.
//!
//! WASI 0.3's interfaces in wasmtime still change from one release to the next, so everything
//! that touches them is here: the engine, the linker, the instances and their reuse; and in
//! `spin` the glue between Spin's interfaces and the modules behind them.
//!
//! Where this differs from Spin: a guest that loops without awaiting gives way every 10 ms, so it
//! slows its neighbours down instead of stopping them.

use std::{
    future::Future,
    path::Path,
    pin::Pin,
    sync::{Arc, atomic::Ordering},
    task::{Context, Poll},
    time::{Duration, Instant as Moment},
};

use wasmtime::{
    Cache, CacheConfig, Config, InstanceAllocationStrategy, PoolingAllocationConfig, Store,
    StoreContextMut,
    component::{Component as Compiled, GuestTaskId, Linker, ResourceTable},
};
use wasmtime_wasi::{HostWallClock, WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
use wasmtime_wasi_http::{
    RequestOptions, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView,
    handler::{
        HandlerState, Instance, ProxyHandler, ProxyPre, ShouldAccept, WorkerExpiration,
        WorkerState, WorkerStatus,
    },
    p3::bindings::ServicePre,
};

use crate::{clock::Clock, component::Component, outbound};

mod spin;

pub(crate) use spin::{KeyValueError, Row, SqliteError, Value};
pub(crate) use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
pub use wasmtime_wasi_http::io::TokioIo;
pub(crate) use wasmtime_wasi_http::{Error as HttpError, WasiBody};

/// Requests one instance serves in its life.
const REQUESTS_MAX: usize = 128;
/// Requests one instance serves at the same time.
const CONCURRENT_MAX: usize = 16;
/// How long an instance without work lives.
const IDLE: Duration = Duration::from_secs(1);
/// How often a busy guest gives way.
const EPOCH: Duration = Duration::from_millis(10);

/// Compiles components and keeps what all of them share.
pub(crate) struct Engine {
    engine: wasmtime::Engine,
    linker: Linker<Host>,
}

/// Serves the requests of one component from reused instances.
pub(crate) type Handler = ProxyHandler<Instances>;

impl Engine {
    /// Sets the engine up; compiled code is kept in `cache`.
    pub(crate) fn new(cache: &Path, instances_max: u32) -> anyhow::Result<Engine> {
        let mut pool = PoolingAllocationConfig::default();
        pool.total_component_instances(instances_max)
            .total_memories(instances_max)
            // A component is its module and two small ones that wire it to the host.
            .total_core_instances(instances_max.saturating_mul(4))
            .total_tables(instances_max.saturating_mul(4))
            .total_stacks(instances_max.saturating_mul(4));
        let mut cached = CacheConfig::new();
        cached.with_directory(cache);
        let mut config = Config::new();
        config
            .wasm_component_model(true)
            .wasm_component_model_async(true)
            .epoch_interruption(true)
            .cache(Some(Cache::new(cached)?))
            .allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
        let engine = wasmtime::Engine::new(&config)?;
        let mut linker = Linker::new(&engine);
        // Rust's standard library for wasm32-wasip2 imports WASI 0.2.
        wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
        wasmtime_wasi::p3::add_to_linker(&mut linker)?;
        wasmtime_wasi_http::p3::add_to_linker(&mut linker)?;
        spin::add_to_linker(&mut linker)?;
        let weak = engine.weak();
        std::thread::Builder::new().name("epochs".to_string()).spawn(move || {
            while let Some(engine) = weak.upgrade() {
                engine.increment_epoch();
                drop(engine);
                std::thread::sleep(EPOCH);
            }
        })?;
        Ok(Engine { engine, linker })
    }

    /// Compiles a component, or finds it compiled, and makes it ready to serve.
    pub(crate) fn load(&self, source: &Path, component: Arc<Component>) -> anyhow::Result<Handler> {
        let compiled = Compiled::from_file(&self.engine, source)?;
        let pre = ServicePre::new(self.linker.instantiate_pre(&compiled)?)?;
        let engine = self.engine.clone();
        Ok(ProxyHandler::new(Instances { engine, pre: ProxyPre::P3(pre), component }))
    }
}

/// Makes instances of one component.
pub(crate) struct Instances {
    engine: wasmtime::Engine,
    pre: ProxyPre<Host>,
    component: Arc<Component>,
}

impl HandlerState for Instances {
    type StoreData = Host;
    type WorkerExpiration = Expiration;
    type WorkerState = Worker;

    async fn instantiate(&self) -> wasmtime::Result<Instance<Host, Expiration, Worker>> {
        let component = Arc::clone(&self.component);
        let mut wasi = WasiCtxBuilder::new();
        wasi.stdout(component.stdout.clone()).stderr(component.stderr.clone());
        wasi.wall_clock(component.shared.clock.clone());
        for (name, value) in &component.environment {
            wasi.env(name, value);
        }
        let host = Host {
            table: ResourceTable::new(),
            wasi: wasi.build(),
            http: WasiHttpCtx::new(),
            hooks: Hooks(Arc::clone(&component)),
            connections: 0,
            component,
        };
        let mut store = Store::new(&self.engine, host);
        store.epoch_deadline_async_yield_and_update(1);
        store.set_epoch_deadline(1);
        let proxy = self.pre.instantiate_async(&mut store).await?;
        let expiration = Expiration { sleep: Box::pin(tokio::time::sleep(IDLE)) };
        let state = Worker { component: Arc::clone(&self.component) };
        Ok(Instance { store, proxy, view: WasiHttpView::http, expiration, state })
    }
}

/// Ends an instance that has had nothing to do for [`IDLE`].
pub(crate) struct Expiration {
    sleep: Pin<Box<tokio::time::Sleep>>,
}

impl WorkerExpiration for Expiration {
    fn poll(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        status: WorkerStatus,
        start: Moment,
    ) -> Poll<()> {
        match status {
            WorkerStatus::Idle => {
                let deadline = (start + IDLE).into();
                if self.sleep.deadline() != deadline {
                    self.sleep.as_mut().reset(deadline);
                }
                self.sleep.as_mut().poll(context)
            }
            // Spin has no request timeout unless one is set.
            WorkerStatus::Requests | WorkerStatus::PostReturn => Poll::Pending,
        }
    }
}

/// Says how often an instance is reused, and reports how it ended.
pub(crate) struct Worker {
    component: Arc<Component>,
}

impl WorkerState for Worker {
    type StoreData = Host;
    type RequestData = ();

    fn should_accept_request(&self, concurrent: usize, total: usize) -> ShouldAccept {
        match (concurrent, total) {
            (_, REQUESTS_MAX..) => ShouldAccept::Never,
            (CONCURRENT_MAX.., _) => ShouldAccept::No,
            _ => ShouldAccept::Yes,
        }
    }

    fn on_request_start(
        &self,
        _: StoreContextMut<'_, Host>,
        (): (),
        _: GuestTaskId,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + Sync>> {
        Box::pin(std::future::pending())
    }

    fn drop(&self, store: Store<Host>, result: Result<(), wasmtime::Error>) {
        drop(store);
        let is_stopping = self.component.shared.is_stopping.load(Ordering::Relaxed);
        if let Err(error) = result
            && !is_stopping
        {
            self.component.complain(&format!("an instance ended: {error:?}"));
        }
    }
}

/// What one instance has of the host.
pub(crate) struct Host {
    table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    hooks: Hooks,
    component: Arc<Component>,
    connections: usize,
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for Host {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.hooks }
    }
}

impl HostWallClock for Clock {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(1)
    }

    fn now(&self) -> Duration {
        Clock::now(self)
    }
}

struct Hooks(Arc<Component>);

type Io = Box<dyn Future<Output = Result<(), HttpError>> + Send>;
type Answered = Result<(http::Response<WasiBody>, Io), HttpError>;

impl WasiHttpHooks for Hooks {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _: Io,
    ) -> Box<dyn Future<Output = Answered> + Send> {
        let component = Arc::clone(&self.0);
        let options = options.unwrap_or_default();
        Box::new(async move {
            let timeouts = outbound::Timeouts {
                connect: options.connect_timeout,
                first_byte: options.first_byte_timeout,
                between_bytes: options.between_bytes_timeout,
            };
            let response = outbound::send(&component, request, timeouts).await?;
            let io: Io = Box::new(std::future::ready(Ok(())));
            Ok((response, io))
        })
    }
}
