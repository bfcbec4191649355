//! Turns of the event loop: a hop over a message channel lets waiting messages in, a promise would not.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, MessagePort};

thread_local! {
    static TURNS: Turns = Turns::new();
}

/// Milliseconds since the worker started.
pub fn now_ms() -> f64 {
    super::serve::scope()
        .performance()
        .map_or(0.0, |performance| performance.now())
}

/// Resolves in a later turn of the event loop.
pub fn next_turn() -> NextTurn {
    NextTurn { done: None }
}

/// Resolves after about so long, at once where there are no timers.
pub async fn pause(duration_ms: i32) {
    let timer = Promise::new(&mut |resolve, _| {
        let scope = super::serve::scope();
        let set =
            scope.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, duration_ms);
        if set.is_err() {
            resolve.call0(&JsValue::NULL).ok();
        }
    });
    JsFuture::from(timer).await.ok();
}

pub struct NextTurn {
    done: Option<Rc<Cell<bool>>>,
}

/// Who waits for a turn: set when it has come, then woken.
type Waiting = (Rc<Cell<bool>>, Waker);

struct Turns {
    port: Option<MessagePort>,
    queue: Rc<RefCell<VecDeque<Waiting>>>,
    _on_message: Closure<dyn FnMut()>,
}

impl Turns {
    fn new() -> Self {
        let queue = Rc::new(RefCell::new(VecDeque::<Waiting>::new()));
        let waiting = Rc::clone(&queue);
        let on_message = Closure::<dyn FnMut()>::new(move || {
            let next = waiting.borrow_mut().pop_front();
            if let Some((done, waker)) = next {
                done.set(true);
                waker.wake();
            }
        });
        let port = MessageChannel::new().ok().map(|channel| {
            channel
                .port1()
                .set_onmessage(Some(on_message.as_ref().unchecked_ref()));
            channel.port2()
        });
        Self {
            port,
            queue,
            _on_message: on_message,
        }
    }
}

impl Future for NextTurn {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if let Some(done) = &self.done {
            return if done.get() {
                Poll::Ready(())
            } else {
                Poll::Pending
            };
        }
        let done = Rc::new(Cell::new(false));
        let hopping = TURNS.with(|turns| {
            let Some(port) = &turns.port else {
                return false;
            };
            turns
                .queue
                .borrow_mut()
                .push_back((Rc::clone(&done), context.waker().clone()));
            port.post_message(&JsValue::NULL).is_ok()
        });
        self.done = Some(done);
        // Without a channel there is no turn to wait for.
        if hopping {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    }
}
