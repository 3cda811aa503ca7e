"""Command line: app.py place CUSTOMER | cancel NUMBER | expire"""
import sys

from orders.service import OrderService


def run(service, arguments):
    """Run one command and return the text to print."""
    if arguments[0] == "place":
        return f"order {service.place(arguments[1])}"
    if arguments[0] == "cancel":
        service.cancel(int(arguments[1]))
        return "cancelled"
    return " ".join(str(number) for number in service.expire())


def main():
    print(run(OrderService(), sys.argv[1:]))


if __name__ == "__main__":
    main()
