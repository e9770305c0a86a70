// How many dialogs stand before the page: what is behind them is not what the person is looking at.
class DialogsOpen {
  count = $state(0);
}

export const dialogsOpen = new DialogsOpen();
