//go:build linux

package dataplane

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
)

// queue is a listener whose connections others have taken.
type queue struct {
	conns chan net.Conn
	ended chan struct{}
}

func newQueue() *queue { return &queue{make(chan net.Conn), make(chan struct{})} }

// hand gives a connection to whoever accepts, unless nobody does any more.
func (q *queue) hand(conn net.Conn) {
	select {
	case q.conns <- conn:
	case <-q.ended:
		conn.Close()
	}
}

func (q *queue) Accept() (net.Conn, error) {
	select {
	case conn := <-q.conns:
		return conn, nil
	case <-q.ended:
		return nil, net.ErrClosed
	}
}

func (q *queue) Close() error {
	select {
	case <-q.ended:
	default:
		close(q.ended)
	}
	return nil
}

func (q *queue) Addr() net.Addr { return &net.TCPAddr{} }

type arrivalKey struct{}

func contextOf(ctx context.Context, conn net.Conn) context.Context {
	if c, isArrived := conn.(*arrived); isArrived {
		return context.WithValue(ctx, arrivalKey{}, c.Arrival)
	}
	return ctx
}

func answerHTTP(answer http.ResponseWriter, request *http.Request) {
	arrival, _ := request.Context().Value(arrivalKey{}).(Arrival)
	answer.Header().Set("Content-Type", "application/json")
	json.NewEncoder(answer).Encode(arrival)
}
