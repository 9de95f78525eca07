// Package handshake reads what a TLS connection carried: its records in order,
// and the handshake messages in them.
package handshake

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
)

// Piece is what one packet carried.
type Piece struct {
	// Answer says that the server sent it.
	Answer bool
	Bytes  []byte
}

// Record is a TLS record.
type Record struct {
	From string `json:"from"`
	Type string `json:"type"`
	// Version is that of the record's header, which later versions of TLS don't raise.
	Version string `json:"version"`
	// Length is that of the record's content; none where it is another each time.
	Length int `json:"length,omitempty"`
	// Encrypted says that only the two sides can read it.
	Encrypted bool `json:"encrypted"`
	// Messages are those of the handshake in it, as far as they could be read.
	Messages []Message `json:"messages,omitempty"`
}

const (
	recordChangeCipherSpec = 20
	recordAlert            = 21
	recordHandshake        = 22
	recordApplicationData  = 23
	headerSize             = 5
)

// FirstByte is that of a TLS connection.
const FirstByte = recordHandshake

var recordTypes = map[byte]string{
	recordChangeCipherSpec: "change_cipher_spec", recordAlert: "alert", recordHandshake: "handshake", recordApplicationData: "application_data",
}

// side is one of the two that send.
type side struct {
	name string
	// unread are bytes of records that aren't whole yet, and messages those of messages.
	unread, messages []byte
	// sealed says that a ChangeCipherSpec of TLS 1.2 came: what follows is encrypted.
	sealed bool
	// keys are those of TLS 1.3 in use, and next those that follow the handshake.
	keys, next *keys
}

type reader struct {
	client, server side
	random         []byte
	modern         bool
	log            KeyLog
	records        []Record
}

// Read gives the records of a connection until both sides have sent the first
// of the application's; others of the application are left out. The key log opens those that TLS 1.3 encrypts.
func Read(pieces []Piece, log KeyLog) ([]Record, error) {
	r := &reader{client: side{name: "client"}, server: side{name: "server"}, log: log}
	spoken := map[string]bool{}
	for _, piece := range pieces {
		from := &r.client
		if piece.Answer {
			from = &r.server
		}
		from.unread = append(from.unread, piece.Bytes...)
		for record := from.cut(); record != nil; record = from.cut() {
			read, err := r.record(from, record)
			if err != nil {
				return nil, err
			}
			application := read.Type == recordTypes[recordApplicationData] && len(read.Messages) == 0
			if !application || !spoken[from.name] {
				r.records = append(r.records, *read)
			}
			spoken[from.name] = spoken[from.name] || application
			if spoken["client"] && spoken["server"] {
				return r.records, nil
			}
		}
	}
	return r.records, nil
}

// cut takes the next whole record.
func (s *side) cut() []byte {
	if len(s.unread) < headerSize {
		return nil
	}
	size := headerSize + int(binary.BigEndian.Uint16(s.unread[3:]))
	if len(s.unread) < size {
		return nil
	}
	record := s.unread[:size]
	s.unread = s.unread[size:]
	return record
}

func (r *reader) record(from *side, record []byte) (*Record, error) {
	kind, content := record[0], record[headerSize:]
	read := &Record{From: from.name, Type: recordTypes[kind], Version: version(binary.BigEndian.Uint16(record[1:])), Length: len(content)}
	if read.Type == "" {
		return nil, fmt.Errorf("a record of type %d, which is none of TLS", kind)
	}
	switch {
	case kind == recordChangeCipherSpec:
		from.sealed = !r.modern
	case from.sealed || kind == recordApplicationData && from.keys == nil:
		read.Encrypted = true
	case kind == recordApplicationData:
		read.Encrypted = true
		inner, opened, err := from.keys.open(record)
		if err != nil {
			return nil, err
		}
		if kind, content = inner, opened; kind != recordHandshake {
			break
		}
		fallthrough
	case kind == recordHandshake:
		if err := r.messagesOf(from, content, read); err != nil {
			return nil, err
		}
	}
	if kind == recordApplicationData || !hasSteadyLength(read.Messages) {
		read.Length = 0
	}
	return read, nil
}

func (r *reader) messagesOf(from *side, content []byte, read *Record) error {
	from.messages = append(from.messages, content...)
	for len(from.messages) > 0 {
		input := cryptobyte.String(from.messages)
		var kind uint8
		var body cryptobyte.String
		if !input.ReadUint8(&kind) || !input.ReadUint24LengthPrefixed(&body) {
			return nil
		}
		message, err := r.message(kind, body, from.keys != nil)
		if err != nil {
			return err
		}
		from.messages = input
		read.Messages = append(read.Messages, *message)
		if err := r.turn(from, kind, body); err != nil {
			return err
		}
	}
	return nil
}

// turn changes the keys where TLS 1.3 does: after the ServerHello, and after
// each side's Finished.
func (r *reader) turn(from *side, kind uint8, body []byte) (err error) {
	switch {
	case kind == messageClientHello:
		r.random = body[2 : 2+randomSize]
	case kind == messageServerHello:
		hello, err := parseServerHello(body)
		if err != nil || hello.version != versionTLS13 {
			return err
		}
		r.modern = true
		for name, side := range map[string]*side{"CLIENT": &r.client, "SERVER": &r.server} {
			if side.keys, err = r.log.keys(name+"_HANDSHAKE_TRAFFIC_SECRET", r.random, hello.suite); err != nil {
				return err
			}
			if side.next, err = r.log.keys(name+"_TRAFFIC_SECRET_0", r.random, hello.suite); err != nil {
				return err
			}
		}
	case kind == messageFinished && from.next != nil:
		from.keys, from.next = from.next, nil
	}
	return nil
}
