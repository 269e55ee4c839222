// Prints each message of an unwrapped push subscription, which is a CloudEvent over HTTP. For Cloud Run.
package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"os"
	"strconv"

	cloudevents "github.com/cloudevents/sdk-go/v2"
)

// Message is what this program reads of a message's data.
type Message struct {
	WatchID, ItemID string
	Sequence        int64
}

// receive returns an error for a message that Pub/Sub is to deliver again.
func receive(event cloudevents.Event) error {
	var message Message
	if err := event.DataAs(&message); err != nil {
		return err
	}
	fmt.Println(event.Type(), message.WatchID, message.ItemID, message.Sequence)
	return nil
}

func main() {
	port, err := strconv.Atoi(cmp.Or(os.Getenv("PORT"), "8080"))
	if err != nil {
		log.Fatal(err)
	}
	client, err := cloudevents.NewClientHTTP(cloudevents.WithPort(port))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(client.StartReceiver(context.Background(), receive))
}
